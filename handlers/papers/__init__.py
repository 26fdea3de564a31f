"""Papers: the picture and the workbook that go along with a digest. Drawn at the sending, never kept."""
