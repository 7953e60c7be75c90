"""What only the training room asks: where its clock may stop, what an exercise came to, and a scenario of what was played."""
