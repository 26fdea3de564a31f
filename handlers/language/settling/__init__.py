"""From what was found to one answer: which day, how many minutes, or the question that is asked."""
