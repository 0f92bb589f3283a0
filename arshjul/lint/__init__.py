"""What calendar programs stumble over in any feed."""
