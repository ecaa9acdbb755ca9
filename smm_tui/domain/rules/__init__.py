"""What a project has done to messages by itself.

folding     a text as a rule reads it: masks off
words       words and phrases, inflected or masked, many at once
patterns    regular expressions that cannot hang
hosts       where links lead, and what they pretend to be
facts       all that rules may ask about one message
conditions  what a rule asks, as text and as JSON
outcomes    what a rule does, as text and as JSON
matcher     many rules at once over one message
spam        a score that learns from verdicts, and its reasons

All of it is pure: the same message with the same facts gives the same answer, in a dry run and later.
"""
