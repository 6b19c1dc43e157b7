using System.Diagnostics;

namespace Sluice.Platforms.LakeFormation.Tests.Moto;

/// <summary>Runs the tools of other makers that stand beside the tests.</summary>
internal static class Python
{
    private const string Interpreter = "/usr/bin/python3";

    private static readonly string Home = Environment.GetEnvironmentVariable("MOTO_HOME") ?? "/tmp/moto";

    /// <summary>Skips the test, or fails it under CI, where everything must be there.</summary>
    public static void SkipOrFail(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(reason);
        Assert.Skip(reason);
    }

    /// <summary>The repository's tests/tools/moto-up; searched upwards from the build's output.</summary>
    public static string MotoUp()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "tests", "tools", "moto-up");
            if (File.Exists(script)) return script;
        }

        throw new FileNotFoundException("tests/tools/moto-up");
    }

    /// <summary>Runs a script beside the tests with moto's libraries.</summary>
    public static Task<(int Exit, string Output, string Error)> RunAsync(string script, string? input, params string[] arguments) =>
        ExecuteAsync(Interpreter, input, [Path.Combine(AppContext.BaseDirectory, script), .. arguments]);

    public static async Task<(int Exit, string Output, string Error)> ExecuteAsync(string program, string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYTHONPATH"] = Path.Combine(Home, "root/usr/lib/python3/dist-packages"), ["AWS_EC2_METADATA_DISABLED"] = "true" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
