"""What a line names, found once and in its order: people, clock times, lengths, activities, goals."""
