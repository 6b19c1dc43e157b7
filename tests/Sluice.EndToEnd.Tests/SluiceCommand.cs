using System.Diagnostics;

namespace Sluice.EndToEnd.Tests;

/// <summary><c>sluice</c> as a person runs it.</summary>
internal static class SluiceCommand
{
    public static Process Start(string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [ServerProcess.Program, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;

    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
