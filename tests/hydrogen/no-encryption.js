// In the place of the encryption library: the bot's rooms are not encrypted.
