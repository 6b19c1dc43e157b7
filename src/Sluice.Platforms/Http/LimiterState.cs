namespace Sluice.Platforms.Http;

/// <summary>
/// The limit and how it moves, as a value: additive increase, multiplicative decrease. Each decrease starts an epoch. What was sent in an
/// earlier one says nothing about the new limit, so a burst of throttled requests counts once.
/// </summary>
internal readonly record struct LimiterState(LimiterBounds Bounds, double Limit, int Epoch)
{
    public static LimiterState Start(LimiterBounds bounds) => new(bounds, bounds.Initial, 0);

    /// <summary>How many requests may run at once.</summary>
    public int Permits => (int)Limit;

    /// <summary>After a request that the platform answered.</summary>
    /// <param name="epoch">When it was sent.</param>
    /// <param name="running">How many ran, itself included: a limit that nobody reached is not known to be too low.</param>
    public LimiterState Succeeded(int epoch, int running) =>
        epoch == Epoch && running >= Permits
            ? this with { Limit = Math.Min(Bounds.Maximum, Limit + (1 / Limit)) }
            : this;

    /// <summary>After a request that the platform throttled.</summary>
    /// <param name="epoch">When it was sent.</param>
    public LimiterState Throttled(int epoch) =>
        epoch == Epoch
            ? this with { Limit = Math.Max(Bounds.Minimum, Limit * Bounds.Decrease), Epoch = Epoch + 1 }
            : this;
}
