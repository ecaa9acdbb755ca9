"""What travels between the program and the terminal; usable by any Textual program, see `frame_diff`."""
