"""From nps.yaml to the rules that transforms and the warehouse follow, and to digests that tell when they changed."""
