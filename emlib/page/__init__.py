"""What every picture, widget and exercise shares."""
