namespace Sluice.Platforms.OAuth;

/// <summary>Keeps a token until shortly before it ends. Safe for concurrent use: one caller asks, and the others take what it got.</summary>
/// <param name="ask">Asks the authority.</param>
/// <param name="time">Tells when a token ends.</param>
internal sealed class TokenCache(Func<CancellationToken, Task<AccessToken>> ask, TimeProvider time) : IDisposable
{
    // A request under way when its token ends is refused; a token of a few minutes must not be asked for at each request either.
    private static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(2);

    // While the authority is away, and the token still good, not every caller waits for it in vain.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    // One refused later was good before: it was revoked, and the next may be good again.
    private static readonly TimeSpan New = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _asking = new(1, 1);
    private AccessToken? _token;
    private DateTimeOffset _askAt;
    private bool _wasRefused;
    private PlatformException? _failure;

    /// <summary>A token that should still be good.</summary>
    /// <exception cref="PlatformException">The authority gives none, and there is none that is still good.</exception>
    public async ValueTask<AccessToken> GetAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } fresh) return fresh;
        var known = Volatile.Read(ref _failure);
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (Fresh() is { } askedMeanwhile) return askedMeanwhile;

            // Many callers with a wrong secret must not look like many attempts to guess it.
            if (Volatile.Read(ref _failure) is { } failed && failed != known) throw Again(failed);
            return await AskAsync(cancellationToken);
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>Drops a token that was refused. False when the one before was refused too and this one is new: another would be refused again.</summary>
    public bool Forget(AccessToken refused)
    {
        lock (_lock)
        {
            if (_token == refused) (_token, _wasRefused) = (null, true);
        }

        return !refused.FollowsRefusal || time.GetUtcNow() - refused.Asked >= New;
    }

    public void Dispose() => _asking.Dispose();

    private async Task<AccessToken> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Keep(await ask(cancellationToken));
        }
        catch (PlatformException e)
        {
            // It is asked early, so one that can't be reached just now costs nothing yet.
            if (e.IsTransient && Postpone() is { } last) return last;
            Volatile.Write(ref _failure, e);
            throw;
        }
    }

    private AccessToken? Fresh()
    {
        lock (_lock)
            return _token is not null && time.GetUtcNow() < _askAt ? _token : null;
    }

    private AccessToken Keep(AccessToken given)
    {
        lock (_lock)
        {
            _token = _wasRefused ? new AccessToken(given.Text, given.Asked, given.Life) { FollowsRefusal = true } : given;
            _wasRefused = false;
            _askAt = given.Ends - (given.Life / 4 < LongestMargin ? given.Life / 4 : LongestMargin);
            return _token;
        }
    }

    private AccessToken? Postpone()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_token is null || now >= _token.Ends) return null;
            _askAt = now + Pause < _token.Ends ? now + Pause : _token.Ends;
            return _token;
        }
    }

    private static PlatformException Again(PlatformException failed) =>
        new(failed.Failure, failed.Message, failed) { Code = failed.Code, Status = failed.Status, RetryAfter = failed.RetryAfter };
}
