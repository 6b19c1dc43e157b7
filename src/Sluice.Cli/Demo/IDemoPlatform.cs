using System.Text.Json.Nodes;
using Sluice.Core.Catalog;

namespace Sluice.Cli.Demo;

/// <summary>A platform of the demo, and the stand-in that takes its place.</summary>
internal interface IDemoPlatform : IAsyncDisposable
{
    /// <summary>The platform and its stand-in, for people.</summary>
    string Shown { get; }

    string ConnectionKey { get; }

    /// <summary>What becomes active.</summary>
    ObjectPath Activated { get; }

    /// <summary>The body of POST /integrations/scripts/create; null where no script is needed.</summary>
    JsonObject? ScriptRequest { get; }

    /// <summary>Runs the script as the platform's administrator would.</summary>
    Task RunScriptAsync(string script, CancellationToken cancellationToken);

    /// <summary>The body of POST /data/connection.</summary>
    JsonObject Registration();
}
