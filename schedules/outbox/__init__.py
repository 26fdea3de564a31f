"""Messages from when they are put in the outbox until they have ended: facts and moments, never words."""
