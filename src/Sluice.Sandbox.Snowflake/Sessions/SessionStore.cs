using System.Collections.Concurrent;
using System.Security.Cryptography;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Sessions;

/// <summary>Sessions by their tokens, which age by the sandbox's clock.</summary>
internal sealed class SessionStore(TimeProvider clock, TimeSpan sessionLifetime, TimeSpan masterLifetime)
{
    private readonly ConcurrentDictionary<string, Ticket> bySession = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Ticket> byMaster = new(StringComparer.Ordinal);
    private long lastId = 1_000_000_000_000;

    public TimeSpan SessionLifetime => sessionLifetime;

    public TimeSpan MasterLifetime => masterLifetime;

    public long NextId() => Interlocked.Increment(ref lastId);

    public Ticket Open(Session session)
    {
        var now = clock.GetUtcNow();
        var ticket = new Ticket(session, NewToken("ses"), NewToken("mas")) { Expires = now + sessionLifetime, MasterExpires = now + masterLifetime };
        bySession[ticket.Token] = ticket;
        byMaster[ticket.MasterToken] = ticket;
        return ticket;
    }

    /// <summary>The session of a request's Authorization header.</summary>
    /// <exception cref="SnowflakeException">There is none, it ended, or its token has expired.</exception>
    public Session Find(string authorization)
    {
        if (!bySession.TryGetValue(TokenOf(authorization), out var ticket))
        {
            throw new SnowflakeException("390104", "08001", "Session no longer exists.  New login required to access the service.");
        }

        if (ticket.Ended) throw Gone();
        if (ticket.Expires <= clock.GetUtcNow()) throw Expired();
        return ticket.Session;
    }

    /// <summary>Renews a session's token by its master token; the master token is renewed with it.</summary>
    /// <exception cref="SnowflakeException">The master token is unknown or has expired.</exception>
    public Ticket Renew(string authorization)
    {
        if (!byMaster.TryGetValue(TokenOf(authorization), out var ticket) || ticket.Ended)
        {
            throw new SnowflakeException("390115", "08001", "Master token not found or invalid. The user must authenticate again.");
        }

        var now = clock.GetUtcNow();
        if (ticket.MasterExpires <= now)
        {
            throw new SnowflakeException("390114", "08001", "Authentication token has expired.  The user must authenticate again.");
        }

        var renewed = new Ticket(ticket.Session, NewToken("ses"), NewToken("mas")) { Expires = now + sessionLifetime, MasterExpires = now + masterLifetime };
        bySession[renewed.Token] = renewed;
        byMaster[renewed.MasterToken] = renewed;
        ticket.Expires = now;
        return renewed;
    }

    /// <summary>A heartbeat lengthens the life of the master token.</summary>
    public void Touch(string authorization)
    {
        if (bySession.TryGetValue(TokenOf(authorization), out var ticket)) ticket.MasterExpires = clock.GetUtcNow() + masterLifetime;
    }

    public void Close(Session session)
    {
        foreach (var ticket in bySession.Values.Where(ticket => ticket.Session == session)) ticket.Ended = true;
        session.Dispose();
    }

    /// <summary>Makes every session token expire now; master tokens live on.</summary>
    public void ExpireAll()
    {
        foreach (var ticket in bySession.Values) ticket.Expires = clock.GetUtcNow();
    }

    /// <summary>Makes every token expire now, master tokens included.</summary>
    public void ExpireMasters()
    {
        ExpireAll();
        foreach (var ticket in byMaster.Values) ticket.MasterExpires = clock.GetUtcNow();
    }

    public void Clear()
    {
        foreach (var session in bySession.Values.Select(ticket => ticket.Session).Distinct()) session.Dispose();
        bySession.Clear();
        byMaster.Clear();
    }

    public static SnowflakeException Expired() => new("390112", "08001", "Your session has expired. Please login again.");

    private static SnowflakeException Gone() => new("390111", "08001", "Session no longer exists.  New login required to access the service.");

    private static string TokenOf(string authorization)
    {
        const string Prefix = "Snowflake Token=\"";
        return authorization.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && authorization.EndsWith('"')
            ? authorization[Prefix.Length..^1]
            : throw new SnowflakeException("390101", "08001", "Authorization header not found in the request data.");
    }

    private static string NewToken(string kind) => $"ver:3-hint:{kind}-ETMsDgAAA{RandomNumberGenerator.GetHexString(64)}";
}

/// <summary>A session's pair of tokens.</summary>
internal sealed class Ticket(Session session, string token, string masterToken)
{
    public Session Session => session;

    public string Token => token;

    public string MasterToken => masterToken;

    public DateTimeOffset Expires { get; set; }

    public DateTimeOffset MasterExpires { get; set; }

    public bool Ended { get; set; }
}
