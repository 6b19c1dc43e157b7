namespace Sluice.Platforms.Egress;

/// <summary>An entry of <see cref="EgressPolicy.AllowedHosts"/>: one host, or with <c>*.</c> every host below it.</summary>
internal sealed record HostPattern(string Name, bool Below)
{
    /// <exception cref="ArgumentException">The entry is neither a host name nor <c>*.suffix</c>.</exception>
    public static HostPattern Parse(string entry)
    {
        var below = entry.StartsWith("*.", StringComparison.Ordinal);
        var host = SpelledHost.Parse(below ? entry[2..] : entry);
        if (host.Address is not null)
            throw new ArgumentException($"The allowed host '{entry}' is an address: allow its network instead.", nameof(entry));
        return host.Name is null
            ? throw new ArgumentException($"The allowed host '{entry}' is neither a host name nor '*.' and a host name.", nameof(entry))
            : new HostPattern(host.Name, below);
    }

    public bool Matches(string name) => Below ? IsBelow(name, Name) : name == Name;

    /// <summary>Whether a name is the suffix itself or below it: <c>evilamazonaws.com</c> is not below <c>amazonaws.com</c>.</summary>
    public static bool HasSuffix(string name, string suffix)
    {
        suffix = suffix.Trim('.');
        return name.Equals(suffix, StringComparison.OrdinalIgnoreCase) || IsBelow(name, suffix);
    }

    private static bool IsBelow(string name, string suffix) =>
        name.Length > suffix.Length + 1
        && name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
        && name[^(suffix.Length + 1)] == '.';
}
