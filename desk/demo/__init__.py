"""The demo organisation: data in `fixtures/demo/`, told through the same actions as everything else."""
