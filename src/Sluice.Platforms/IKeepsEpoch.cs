namespace Sluice.Platforms;

/// <summary>
/// A session that keeps a count with this instance's mark on the platform. It grows with every apply, here and there: a platform that is ahead was changed by a
/// newer state of this instance's database than the one at hand.
/// </summary>
public interface IKeepsEpoch
{
    /// <summary>The count; null where there is none, or it is another instance's.</summary>
    /// <param name="prefix">The prefix of the connection's native objects.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<long?> ReadEpochAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Writes the count.</summary>
    /// <param name="prefix">The prefix of the connection's native objects.</param>
    /// <param name="epoch">The count.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PlatformException">It can't be written, or what stands in its place is not ours.</exception>
    Task WriteEpochAsync(string prefix, long epoch, CancellationToken cancellationToken);

    /// <summary>Takes the count off the platform, if it is ours: nothing of this connection is left there.</summary>
    /// <param name="prefix">The prefix of the connection's native objects.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PlatformException">It can't be taken away.</exception>
    Task RemoveEpochAsync(string prefix, CancellationToken cancellationToken);
}
