using Sluice.Sandbox.Aws.Catalog;

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

    /// <summary>The catalog, when there are no problems.</summary>
    public AwsSandboxCatalog Make() =>
        Tables is { } count ? AwsSandboxCatalog.Generated(count, Columns ?? StandardColumns, Databases) : AwsSandboxCatalog.Demo;
}
