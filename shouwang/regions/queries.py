def ranges(code):
    return ()
