namespace Sluice.Server.Authentication;

/// <summary>The administrator's key that a server's first start made.</summary>
/// <param name="File">Where it lies, 0600.</param>
/// <param name="Key">The key itself: for a terminal, never for a log.</param>
public sealed record FirstKey(string File, string Key)
{
    /// <summary>Tells a person about it: the path always, the key only on a terminal.</summary>
    public void Announce(TextWriter output, bool isTerminal)
    {
        output.WriteLine($"The administrator's key is in {File}");
        if (isTerminal) output.WriteLine($"It is shown here once: {Key}");
    }

    /// <summary>Never the key.</summary>
    public override string ToString() => File;
}
