"""From a plan file or the setup screen to one immutable RunPlan of trials; what a trial is, and its key."""
