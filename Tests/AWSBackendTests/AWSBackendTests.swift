import Testing

@testable import AWSBackend
