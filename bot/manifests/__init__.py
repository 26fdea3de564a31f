"""What a platform wants to be told of the app before it is installed, made from the command table."""
