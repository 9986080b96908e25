"""The making of the lexicon: run when the words or the dictionary change, never when text is indexed or searched."""
