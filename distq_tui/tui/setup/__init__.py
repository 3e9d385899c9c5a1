"""What is chosen in Setup, and the plan's choices that it makes; pure."""
