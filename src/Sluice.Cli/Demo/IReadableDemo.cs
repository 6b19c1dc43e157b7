using Sluice.Core.Catalog;

namespace Sluice.Cli.Demo;

/// <summary>A platform of the demo whose stand-in people log in to and read.</summary>
internal interface IReadableDemo : IDemoPlatform
{
    /// <summary>What they read.</summary>
    ObjectPath Table { get; }

    /// <summary>The column that is masked for most.</summary>
    string Masked { get; }

    /// <summary>Makes a person known to the platform; its name for them.</summary>
    string Introduce(string reader);

    /// <summary>The first values of the masked column as a person reads them; null: the platform refuses.</summary>
    Task<IReadOnlyList<string>?> ReadAsync(string reader, CancellationToken cancellationToken);
}
