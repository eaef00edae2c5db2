"""What a reader does by hand: an iteration cell by cell, an E-step and an M-step by eye, a climb, a drawn guess."""
