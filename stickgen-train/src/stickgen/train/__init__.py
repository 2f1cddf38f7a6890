"""Text encoders and measurements of motion; torch is imported when an encoder is first used."""
