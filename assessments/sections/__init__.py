"""The sections of an assessment in the structure of ISO/IEC 42005: their questions, answers, comments and authors."""
