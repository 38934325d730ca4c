"""The criteria of judgement at work: what a version would move, what stands above acceptance, judging anew."""
