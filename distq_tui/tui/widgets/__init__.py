"""What screens are made of: line-API views with cached strips, fed by plain values."""
