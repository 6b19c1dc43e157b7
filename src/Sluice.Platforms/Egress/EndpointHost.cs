namespace Sluice.Platforms.Egress;

/// <summary>
/// The host of a platform that is reached over HTTP, as a payload spells it: one rule for every technology. <c>https://</c> before it and one <c>/</c>
/// after it are taken off, for people paste the address of their browser; a path, a port or a user is refused. <c>http://</c> stays, and is for this
/// machine alone.
/// </summary>
public sealed record EndpointHost
{
    private const string Secure = "https://";
    private const string Plain = "http://";

    private EndpointHost(string name, bool isPlain) => (Name, IsPlain) = (name, isPlain);

    /// <summary>A name in lower case without trailing dot, or an address without brackets.</summary>
    public string Name { get; }

    /// <summary>Whether it is reached without TLS.</summary>
    public bool IsPlain { get; }

    /// <summary>As it is stored and compared; read again it is itself.</summary>
    public string Text => IsPlain ? Plain + InUrl : Name;

    private string InUrl => Name.Contains(':') ? $"[{Name}]" : Name;

    /// <summary>Where requests go.</summary>
    public Uri Address(int port) => new($"{(IsPlain ? Plain : Secure)}{InUrl}:{port}/");

    /// <summary>Reads a spelled host; null with the problem when it is none that this server may connect to.</summary>
    /// <param name="spelled">As the payload has it.</param>
    /// <param name="egress">Where this server may connect.</param>
    /// <param name="suffixes">The technology's own hosts; see <see cref="EgressGuard.Problem(string, IReadOnlyList{string})"/>.</param>
    /// <param name="problem">What is wrong, to be put behind the member's path; null when nothing is.</param>
    public static EndpointHost? Parse(string spelled, EgressGuard egress, IReadOnlyList<string> suffixes, out string? problem)
    {
        var isPlain = spelled.StartsWith(Plain, StringComparison.OrdinalIgnoreCase);
        var isSecure = spelled.StartsWith(Secure, StringComparison.OrdinalIgnoreCase);
        var rest = isPlain ? spelled[Plain.Length..] : isSecure ? spelled[Secure.Length..] : spelled;
        if (rest.EndsWith('/')) rest = rest[..^1];
        problem = Surplus(rest) ?? egress.Problem(rest, suffixes);
        if (problem is null && isPlain && !EgressGuard.IsLoopback(rest)) problem = EgressGuard.PlainProblem;
        if (problem is not null) return null;
        var host = SpelledHost.Parse(rest);
        return new EndpointHost(host.Name ?? host.Address!.ToString(), isPlain);
    }

    private static string? Surplus(string rest)
    {
        if (rest.Contains("://", StringComparison.Ordinal)) return "must be a host alone; of schemes https:// is taken off, and no other is known";
        if (rest.Contains('@')) return "must be a host alone, without a user";
        if (rest.IndexOfAny(['/', '\\', '?', '#']) >= 0) return "must be a host alone, without a path";

        // More than one colon stands in an IPv6 address only, which ends in its bracket where it has one.
        var hasPort = rest.StartsWith('[') ? rest.Contains(']') && !rest.EndsWith(']') : rest.Count(static c => c == ':') == 1;
        return hasPort ? "must be a host alone, without a port, which is a member of its own" : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
