"""What the screens say, as lines of spans; pure, and apart from how it is painted."""
