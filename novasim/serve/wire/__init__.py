"""
HTTP's side of the door: what paths, headers and bodies mean, and what an answer has beside its body.

No socket here: a face that has one hands over what arrived, and sends what it is given.
"""
