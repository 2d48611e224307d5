"""The registry API of microsoft/apm: versions, their bytes, and publishing."""
