using System.CommandLine;

namespace Sluice.Cli.Sandboxes;

/// <summary>The measures of a generated catalog as they were given; without tables it is the demo's.</summary>
/// <param name="Tables">Tables in all.</param>
/// <param name="Columns">Columns of each table.</param>
/// <param name="Parts">What the tables are spread over: databases, or what the platform has in their place.</param>
/// <param name="PartsFlag">The flag that gives them.</param>
internal sealed record GeneratedCatalog(int? Tables, int? Columns, int? Parts, string PartsFlag)
{
    public const int StandardColumns = 10;

    /// <summary>Everything that is wrong with them.</summary>
    public IEnumerable<string> Problems()
    {
        if (Tables is null && Columns is not null) yield return "--columns: says nothing without --tables, for the demo's catalog has columns of its own";
        if (Tables is null && Parts is not null) yield return $"{PartsFlag}: says nothing without --tables, for the demo's catalog has {PartsFlag[2..]} of its own";
        if (Tables < 1) yield return "--tables: must be at least 1";
        if (Columns < 1) yield return "--columns: must be at least 1";
        if (Parts < 1) yield return $"{PartsFlag}: must be at least 1";
        else if (Parts > Tables) yield return $"{PartsFlag}: must not be more than --tables";
    }
}

/// <summary>The options by which every stand-in takes the measures of its catalog.</summary>
/// <param name="tablesPerPart">How many tables a database has when their number is left out.</param>
/// <param name="parts">What the platform calls its databases.</param>
internal sealed class GeneratedCatalogOptions(int tablesPerPart, string parts = "databases")
{
    private readonly Option<int?> tables = new("--tables") { Description = "A generated catalog of this many tables; the demo's catalog when left out." };
    private readonly Option<int?> columns = new("--columns") { Description = $"Columns per generated table; {GeneratedCatalog.StandardColumns} when left out." };
    private readonly Option<int?> spread = new($"--{parts}") { Description = FormattableString.Invariant($"Generated {parts}; one per {tablesPerPart:N0} tables when left out.") };

    public void AddTo(Command command)
    {
        command.Add(tables);
        command.Add(columns);
        command.Add(spread);
    }

    public GeneratedCatalog Read(ParseResult arguments) => new(arguments.GetValue(tables), arguments.GetValue(columns), arguments.GetValue(spread), spread.Name);
}
