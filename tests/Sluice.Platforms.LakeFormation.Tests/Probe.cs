using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Sluice.Platforms.LakeFormation.Identity;
using Sluice.Platforms.LakeFormation.Tests.Fakes;
using Sluice.Sandbox.Aws;
namespace Sluice.Platforms.LakeFormation.Tests;
public sealed class Probe
{
    [Fact]
    public async Task Bench()
    {
        var log = new StringBuilder();
        await using var lake = await SandboxLake.StartAsync(new AwsSandboxOptions { Catalog = Sluice.Sandbox.Aws.Catalog.AwsSandboxCatalog.Generated(100_000, 10), PreRenderPages = true });
        for (var round = 0; round < 3; round++)
        {
            lake.Sandbox.Reset();
            GC.Collect();
            var before = GC.GetTotalAllocatedBytes();
            var sw = Stopwatch.StartNew();
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            long n = 0, c = 0, tags = 0;
            await using (var session = lake.OpenWithKey())
            {
                await foreach (var p in session.CrawlAsync(new CrawlScope { Container = SandboxLake.Root }, default))
                { n += p.Objects.Count; foreach (var o in p.Objects) { c += o.Columns.Count; tags += o.Tags.Count; } }
            }
            log.AppendLine($"crawl {n} {c} tags {tags}: {sw.ElapsedMilliseconds} ms cpu {(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds} alloc {(GC.GetTotalAllocatedBytes() - before) >> 20} MB heap {GC.GetTotalMemory(false) >> 20} ws {Process.GetCurrentProcess().WorkingSet64 >> 20}");
            foreach (var (k, v) in lake.Sandbox.Requests.Operations) log.Append($" {k}={v}");
            log.AppendLine();
            // baseline: same number of pages downloaded and tokenised, 4 at once
            var key = new AwsCredentials(lake.Sandbox.Credentials.AccessKeyId, lake.Sandbox.Credentials.SecretAccessKey);
            var glue = new SigV4Signer("us-east-1", "glue"); var lf = new SigV4Signer("us-east-1", "lakeformation");
            using var http = new HttpClient();
            async Task<(string?, List<string>)> Fetch(SigV4Signer s, string path, string? target, string body)
            {
                var bytes = Encoding.UTF8.GetBytes(body);
                using var r = new HttpRequestMessage(HttpMethod.Post, new Uri(lake.Sandbox.Endpoint, path)) { Content = new ByteArrayContent(bytes) };
                r.Content.Headers.ContentType = new(target is null ? "application/json" : "application/x-amz-json-1.1");
                if (target != null) r.Headers.TryAddWithoutValidation("X-Amz-Target", target);
                s.Sign(r, bytes, key, DateTimeOffset.Now);
                using var a = await http.SendAsync(r);
                var b = await a.Content.ReadAsByteArrayAsync();
                var reader = new Utf8JsonReader(b); string? token = null; var names = new List<string>(); int depth = 0;
                while (reader.Read())
                {
                    if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("NextToken")) { reader.Read(); token = reader.GetString(); }
                    else if (target == "AWSGlue.GetDatabases" && reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 3 && reader.ValueTextEquals("Name")) { reader.Read(); names.Add(reader.GetString()!); }
                    depth++;
                }
                return (token, names);
            }
            sw.Restart(); cpu = Process.GetCurrentProcess().TotalProcessorTime;
            var (_, dbs) = await Fetch(glue, "/", "AWSGlue.GetDatabases", "{\"CatalogId\":\"123456789012\",\"MaxResults\":100}");
            var tagsPages = lake.Sandbox.Requests.Of("lakeformation:SearchTablesByLFTags");
            async Task Search(string k, string v) { string? t = null; do { (t, _) = await Fetch(lf, "/SearchTablesByLFTags", null, JsonSerializer.Serialize(new { CatalogId = "123456789012", MaxResults = 100, NextToken = t, Expression = new[] { new { TagKey = k, TagValues = JsonSerializer.Deserialize<string[]>(v) } } })); } while (t != null); }
            var all = new List<Task>();
            var rq = Encoding.UTF8.GetBytes("{\"CatalogId\":\"123456789012\"}"); using var lr = new HttpRequestMessage(HttpMethod.Post, new Uri(lake.Sandbox.Endpoint, "/ListLFTags")) { Content = new ByteArrayContent(rq) }; lr.Content.Headers.ContentType = new("application/json"); lf.Sign(lr, rq, key, DateTimeOffset.Now);
            using var la = await http.SendAsync(lr); var tagsJson = JsonElement.Parse(await la.Content.ReadAsStringAsync());
            foreach (var t in tagsJson.GetProperty("LFTags").EnumerateArray()) all.Add(Search(t.GetProperty("TagKey").GetString()!, t.GetProperty("TagValues").GetRawText()));
            await Task.WhenAll(all);
            await Parallel.ForEachAsync(dbs, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (d, _) =>
            { string? t = null; do { (t, var _n) = await Fetch(glue, "/", "AWSGlue.GetTables", JsonSerializer.Serialize(new { CatalogId = "123456789012", DatabaseName = d, MaxResults = 100, NextToken = t })); } while (t != null); });
            log.AppendLine($"base: {sw.ElapsedMilliseconds} ms cpu {(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds} searches {lake.Sandbox.Requests.Of("lakeformation:SearchTablesByLFTags") - tagsPages}");
        }
        File.WriteAllText("/tmp/bench-lf.txt", log.ToString());
    }
}
