import ArgumentParser

/// Which service is meant.
enum BackendName: String, CaseIterable, ExpressibleByArgument, Sendable {
  case local
  case aws
  case auto
}
