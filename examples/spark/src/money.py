def dollars(amount):
    return "$%.2f" % amount
