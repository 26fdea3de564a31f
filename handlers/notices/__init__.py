"""What people are told unasked: of an entry, a booking, a request, and the day's one reminder."""
