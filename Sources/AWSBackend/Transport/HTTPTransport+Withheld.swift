import Signing

// Headers and bodies carry tokens, in both directions.
extension HTTPRequest: Withheld {}
extension HTTPResponse: Withheld {}
