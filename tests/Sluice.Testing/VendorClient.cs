using System.Text.Json;

namespace Sluice.Testing;

/// <summary>A vendor's own client from npm that drives a stand-in: the folder VendorClient of a test project, with a lock file and drive.mjs.</summary>
public static class VendorClient
{
    /// <summary>Runs drive.mjs, which exits 0 when everything agrees. Packages are installed once, by the lock file; the folder keeps them.</summary>
    /// <param name="project">The test project's name.</param>
    /// <param name="package">A package of it, by which is told whether they are installed.</param>
    /// <param name="sandbox">What drive.mjs reads from SANDBOX, as JSON.</param>
    /// <param name="output">Is told what it wrote.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<int> DriveAsync(string project, string package, object sandbox, Action<string> output, CancellationToken cancellationToken)
    {
        var folder = await NodePackages.RequireAsync(Path.Combine(project, "VendorClient"), package, output, cancellationToken);
        return await NodePackages.RunAsync(
            folder, output, new("node", ["drive.mjs"]) { UseShellExecute = false, Environment = { ["SANDBOX"] = JsonSerializer.Serialize(sandbox) } }, cancellationToken);
    }
}
