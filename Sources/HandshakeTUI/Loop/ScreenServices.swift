import HandshakeUI
import Model
import Review

/// What the screens act through: made by the command that opens them.
struct ScreenServices: Sendable {
  /// Through which each account looks; nil for one that cannot.
  var reader: @Sendable (AccountID) -> (any HandshakeReader)?
  /// Through which each account acts. Read-only mode has none for anybody.
  var backend: @Sendable (AccountID) -> (any HandshakeBackend)?
  var journal: Journal
  /// Reads the trust list's file; may wait for the disk.
  var readTrust: @Sendable () -> TrustReading
  var place: ServicePlace
  /// The service's buckets.
  var pace: Pace
  var drafts: Drafts?
  var time: any TimeSource
  var random: any RandomSource
}
