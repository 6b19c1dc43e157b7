namespace Sluice.Testing.Cases;

/// <summary>What a case may hold: a test of a platform leaves out what the platform has no words for.</summary>
public sealed record CaseOptions
{
    /// <summary>The connection's key.</summary>
    public string ConnectionKey { get; init; } = "warehouse";

    /// <summary>The databases that tables lie in.</summary>
    public IReadOnlyList<string> Databases { get; init; } = ["sales", "HR"];

    /// <summary>Whether there are schemas between databases and tables.</summary>
    public bool HasSchemas { get; init; } = true;

    /// <summary>Quotes, dots, spaces, capitals and letters beyond ASCII in names of tables and columns; otherwise lower-case letters and underscores.</summary>
    public bool HasOddNames { get; init; } = true;

    /// <summary>How the platform spells the name of a schema or table: no two names may become one.</summary>
    public Func<string, string> ObjectName { get; init; } = static name => name;

    /// <summary>Whether a platform takes names of columns for one that differ in case alone: then a case has only one of them.</summary>
    public bool IgnoresColumnCase { get; init; }

    /// <summary>Masks that only a platform knows the values of.</summary>
    public bool HasCustomMasks { get; init; } = true;

    /// <summary>Comparisons of dates with texts that are dates.</summary>
    public bool ComparesDates { get; init; } = true;

    /// <summary>Several people on one identity.</summary>
    public bool HasSharedIdentities { get; init; } = true;
}
