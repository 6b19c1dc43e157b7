using System.Diagnostics;
using System.Text.Json;

namespace Sluice.Testing;

/// <summary>A vendor's own client from npm that drives a stand-in: the folder VendorClient of a test project, with a lock file, drive.mjs and others like it.</summary>
public static class VendorClient
{
    /// <summary>Runs drive.mjs, which exits 0 when everything agrees. Packages are installed once, by the lock file; the folder keeps them.</summary>
    /// <param name="project">The test project's name.</param>
    /// <param name="package">A package of it, by which is told whether they are installed.</param>
    /// <param name="sandbox">What drive.mjs reads from SANDBOX, as JSON.</param>
    /// <param name="output">Is told what it wrote.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="environment">Further variables of drive.mjs, such as NODE_EXTRA_CA_CERTS.</param>
    public static Task<int> DriveAsync(string project, string package, object sandbox, Action<string> output, CancellationToken cancellationToken, params IReadOnlyList<(string Name, string Value)> environment) =>
        DriveAsync(project, package, sandbox, output, cancellationToken, "drive.mjs", environment);

    /// <summary>Runs another script of the folder.</summary>
    /// <param name="project">The test project's name.</param>
    /// <param name="package">A package of it, by which is told whether they are installed.</param>
    /// <param name="sandbox">What the script reads from SANDBOX, as JSON.</param>
    /// <param name="output">Is told what it wrote.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="script">Its name.</param>
    /// <param name="environment">Further variables of it.</param>
    public static async Task<int> DriveAsync(string project, string package, object sandbox, Action<string> output, CancellationToken cancellationToken, string script, params IReadOnlyList<(string Name, string Value)> environment)
    {
        var folder = await NodePackages.RequireAsync(Path.Combine(project, "VendorClient"), package, output, cancellationToken);
        var drive = new ProcessStartInfo("node", [script]) { UseShellExecute = false, Environment = { ["SANDBOX"] = JsonSerializer.Serialize(sandbox) } };
        foreach (var (name, value) in environment) drive.Environment[name] = value;
        return await NodePackages.RunAsync(folder, output, drive, cancellationToken);
    }
}
