using System.Diagnostics;
using System.Text.Json.Nodes;
using Sluice.Platforms.LakeFormation.Setup;
using Sluice.Testing;

namespace Sluice.EndToEnd.Tests;

/// <summary>The whole server against moto, an AWS that nobody here wrote.</summary>
public sealed class MotoTests
{
    [Fact]
    public async Task A_catalog_in_moto_is_registered_and_crawled_by_asking_tags_per_table()
    {
        var port = FreePort();
        var (exit, moto, error) = await RunAsync(Path.Combine(Repository.Root, "tests", "tools", "moto-up"), port);
        if (exit != 0) Requires.Absent($"moto: {error.Trim()}");
        try
        {
            var endpoint = $"http://127.0.0.1:{port}/";
            var policy = Path.Combine(TestServer.NewDirectory(), "policy.json");
            await File.WriteAllTextAsync(policy, AwsSetup.PolicyDocument());
            var seed = Path.Combine(Repository.Root, "tests", "Sluice.Platforms.LakeFormation.Tests", "Moto", "moto-seed.py");
            var (seeded, facts, reason) = await RunAsync("/usr/bin/python3", seed, endpoint, policy);
            seeded.ShouldBe(0, reason);
            var user = JsonNode.Parse(facts)!["documented"]!;

            await using var server = await ServerProcess.StartAsync(TestServer.NewDirectory());
            using var api = server.Api();
            var job = await api.CompleteAsync(await api.AcceptAsync(
                HttpMethod.Post,
                "/data/connection",
                $$"""
                {
                  "connectionKey": "moto",
                  "connection": {
                    "technology": "Glue", "authenticationType": "accessKey", "region": "us-east-1", "accountId": "123456789012",
                    "accessKeyId": "{{user["id"]}}", "secretAccessKey": "{{user["secret"]}}",
                    "endpoints": {"glue": "{{endpoint}}", "lakeformation": "{{endpoint}}", "sts": "{{endpoint}}"}
                  },
                  "settings": {"isActive": true},
                  "options": {"forceRecursiveCrawl": true}
                }
                """));

            // moto has no search by tags and does not tell whether Lake Formation governs a table: said, and nothing is active.
            job["output"]!["warnings"]!.ToJsonString().ShouldContain("each table is asked for its tags");
            job["output"]!["heldBack"]!.ToJsonString().ShouldBe("""{"ungoverned":1,"unknown":3}""");
            (await api.TreeAsync("moto")).ShouldBe(["hr", "hr/orders", "hr/people", "sales", "sales/orders", "sales/people"], ignoreOrder: true);
            var table = (await api.GetAsync("/data/object/moto/sales/orders")).Json;
            table["state"]!.GetValue<string>().ShouldBe("inactive");
            table["tags"]!.AsArray().ShouldNotBeEmpty();
        }
        finally
        {
            using var process = Process.GetProcessById(int.Parse(moto, System.Globalization.CultureInfo.InvariantCulture));
            process.Kill(entireProcessTree: true);
        }
    }

    private static string FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(string program, params string[] arguments)
    {
        var packages = Path.Combine(Environment.GetEnvironmentVariable("MOTO_HOME") ?? "/tmp/moto", "root/usr/lib/python3/dist-packages");
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["PYTHONPATH"] = packages },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output.Trim(), await error);
    }
}
