using System.CommandLine;

namespace Sluice.Cli.Sandboxes;

/// <summary>The measures of a generated catalog as they were given; without tables it is the demo's.</summary>
internal sealed record GeneratedCatalog(int? Tables, int? Columns, int? Databases)
{
    public const int StandardColumns = 10;

    /// <summary>Everything that is wrong with them.</summary>
    public IEnumerable<string> Problems()
    {
        if (Tables is null && Columns is not null) yield return "--columns: says nothing without --tables, for the demo's catalog has columns of its own";
        if (Tables is null && Databases is not null) yield return "--databases: says nothing without --tables, for the demo's catalog has databases of its own";
        if (Tables < 1) yield return "--tables: must be at least 1";
        if (Columns < 1) yield return "--columns: must be at least 1";
        if (Databases < 1) yield return "--databases: must be at least 1";
        else if (Databases > Tables) yield return "--databases: must not be more than --tables";
    }
}

/// <summary>The options by which every stand-in takes the measures of its catalog.</summary>
/// <param name="tablesPerDatabase">How many tables a database has when --databases is left out.</param>
internal sealed class GeneratedCatalogOptions(int tablesPerDatabase)
{
    private readonly Option<int?> tables = new("--tables") { Description = "A generated catalog of this many tables; the demo's catalog when left out." };
    private readonly Option<int?> columns = new("--columns") { Description = $"Columns per generated table; {GeneratedCatalog.StandardColumns} when left out." };
    private readonly Option<int?> databases = new("--databases") { Description = FormattableString.Invariant($"Generated databases; one per {tablesPerDatabase:N0} tables when left out.") };

    public void AddTo(Command command)
    {
        command.Add(tables);
        command.Add(columns);
        command.Add(databases);
    }

    public GeneratedCatalog Read(ParseResult arguments) => new(arguments.GetValue(tables), arguments.GetValue(columns), arguments.GetValue(databases));
}
