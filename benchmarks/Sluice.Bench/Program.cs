using Sluice.Bench;

return await Bench.RunAsync(args, TimeProvider.System);
