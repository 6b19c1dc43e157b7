using System.Net;
using Sluice.Sandbox.Aws;
using Sluice.Testing;

namespace Sluice.EndToEnd.Tests;

/// <summary>Secrets are planted and then looked for in every answer, log line, job output and database page.</summary>
public sealed class PlantedSecretTests
{
    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task No_planted_secret_is_found_anywhere(string database)
    {
        var cluster = await Requires.PostgreSqlAsync();
        await using var aws = await AwsSandbox.StartAsync(new AwsSandboxOptions());
        const string wrong = "Planted+Wrong/Secret0123456789abcdefghij";
        const string wrongPassword = "planted-wrong-password-77aa";
        const string fromEnvironment = "planted-environment-password-99cc";
        var ownDatabase = database == "sqlite" ? null : await cluster.CreateDatabaseAsync(CancellationToken.None);
        var environment = new Dictionary<string, string> { ["SLUICE_SECRET_PLANTED"] = fromEnvironment, ["SLUICE_LOG_LEVEL"] = "debug" };
        if (ownDatabase is not null) environment["SLUICE_DATABASE"] = ownDatabase;
        await using var server = await ServerProcess.StartAsync(TestServer.NewDirectory(), environment: environment);
        using var api = server.Api();
        var adminKey = (await File.ReadAllTextAsync(Path.Combine(server.Directory, "admin.key"))).Trim();

        // Right and wrong, through every path that carries a secret.
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", Payloads.GlueAccessKey(aws, "lake")));
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", Payloads.PostgreSql(cluster, "pg", cluster.SuperuserPassword)));
        (await api.PutAsync("/data/connection/lake", Payloads.GlueAccessKey(aws, "lake", wrong))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await api.PutAsync("/data/connection/pg", Payloads.PostgreSql(cluster, "pg", wrongPassword))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await api.PostAsync("/data/connection", Payloads.GlueAccessKey(aws, "search", wrong))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await api.PostAsync("/data/connection", "{\"secretAccessKey\": \"" + wrong + "\", oops")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await api.PostAsync($"/data/connection?secret={wrong}", Payloads.GlueAccessKey(aws, "lake", wrong))).Status.ShouldNotBe(HttpStatusCode.OK);
        var referenced = Payloads.PostgreSql(cluster, "pg", "x").Replace("\"x\"", """{"$secret": "env:SLUICE_SECRET_PLANTED"}""", StringComparison.Ordinal);
        (await api.PutAsync("/data/connection/pg", referenced)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await api.GetAsync("/data/connection/lake");
        await api.GetAsync("/data/connection/pg");
        await api.GetAsync("/jobs/search?size=1000");
        await api.GetAsync("/metrics");
        await api.GetAsync("/openapi/v1.json");

        string[] planted = [aws.Credentials.SecretAccessKey, cluster.SuperuserPassword, wrong, wrongPassword, fromEnvironment];
        foreach (var secret in planted)
        {
            api.Answers.ShouldAllBe(answer => !answer.Contains(secret, StringComparison.Ordinal));
            server.Output.ShouldAllBe(line => !line.Contains(secret, StringComparison.Ordinal));
        }

        server.Output.ShouldAllBe(line => !line.Contains(adminKey, StringComparison.Ordinal));
        await server.KillAsync();
        var search = await DatabaseSearch.ReadAsync(server.Directory, ownDatabase);
        foreach (var control in DatabaseSearch.Controls) search.Holds(control).ShouldBeTrue($"the search misses {control}");
        foreach (var secret in planted) search.Holds(secret).ShouldBeFalse();
        search.Holds(adminKey.Split('_', 3)[2]).ShouldBeFalse();
    }
}
