"""What Facebook's and Instagram's clients share: one Graph API, its tokens, refusals and usage."""
