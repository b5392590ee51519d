-- Move what version 3 stored in separate tables and columns into `detail`. By now the old `result`
-- is renamed to `result_3`, and the tables of this version exist.
INSERT INTO result
SELECT "case", run, scenario, variant, engine, verdict, outcome, executions, failures,
	first_failure_execution, seconds, token, message,
	json_object(
		'expected', expected,
		'oracle', oracle,
		'seed', seed,
		'arm', arm,
		'output', output,
		'rules', json(rules),
		'catalog', json(catalog),
		'races', json(coalesce(races, '[]')),
		'observed', json(coalesce(observed, '[]')),
		'trace', json(coalesce(trace, '[]')),
		'shape', json(coalesce(shape, '{}')),
		'waits', json(coalesce(waits, '{}')),
		'coverage', coverage,
		'outcomes', (SELECT json_group_array(json_object('label', label, 'kinds', kinds,
				'message', message, 'count', count))
			FROM (SELECT * FROM outcome WHERE outcome."case" = result_3."case"
				ORDER BY count DESC)),
		'injections', (SELECT json_group_array(json_object('rule', rule, 'count', count))
			FROM injection WHERE injection."case" = result_3."case"),
		-- The engines of that version.
		'traits', json(CASE engine
			WHEN 'explore' THEN '{"name":"explore","replays":"steps","witness":"clocks",'
				|| '"order":"measured","memory_model":"sequentially consistent"}'
			WHEN 'tsan' THEN '{"name":"tsan","replays":"settings","witness":"tsan",'
				|| '"order":"none","memory_model":"hardware"}'
			ELSE '{"name":"stress","replays":"settings","witness":"oracle",'
				|| '"order":"none","memory_model":"hardware"}' END))
FROM result_3 LEFT JOIN failure USING ("case");
DROP TABLE failure;
DROP TABLE outcome;
DROP TABLE injection;
DROP TABLE result_3;
